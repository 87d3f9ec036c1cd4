// What the Orchestrator tells of itself. Facts: indigo-dc/orchestrator controller/{MiscController,ConfigurationController}.java.
import type { Request, Route } from '../http.ts';
import { baseOf } from './answer.ts';
import { jsonRoute, route } from './route.ts';

/** The facts of a build, as Spring's info endpoint has them. */
const build = {
  version: '2.6.0-FINAL',
  artifact: 'orchestrator',
  name: 'orchestrator',
  group: 'it.reply',
  time: '2021-09-30T00:00:00Z',
};

/** The services that it would ask are not here: their addresses are its own, and answer 404. */
const services = ['cpr', 'slam', 'cmdb', 'im', 'monitoring'];

const configuration = (request: Request) =>
  Object.fromEntries(services.map(name => [`${name}_url`, `${baseOf(request)}/${name}`]));

export const serviceRoutes: readonly Route[] = [
  route('GET', '', () => ({ status: 200, text: 'INDIGO-Orchestrator', type: 'text/plain;charset=UTF-8' })),
  jsonRoute('GET', '/info', () => ({
    status: 200,
    json: { build, git: { branch: 'master', commit: { id: 'local', time: build.time } } },
  })),
  jsonRoute('GET', '/configuration', request => ({ status: 200, json: configuration(request) })),
];
