// What the Orchestrator tells of itself. Facts: indigo-dc/orchestrator controller/{MiscController,ConfigurationController}.java.
import { timestamp } from '../clock.ts';
import type { Request, Route } from '../http.ts';
import { baseOf } from './answer.ts';
import type { Orchestrator } from './orchestrator.ts';
import { jsonRoute, route } from './route.ts';

/** The release that came with schedules. */
const version = '2.3.0-FINAL';

/** In the form of Spring's info endpoint. Nothing was built here but this cluster: its start stands for the times. */
function info(startedAt: number) {
  const time = timestamp(startedAt);
  return {
    build: { version, artifact: 'orchestrator', name: 'orchestrator', group: 'it.reply', time },
    git: { branch: version, commit: { id: 'unknown', time } },
  };
}

/** The services that it would ask are not here: their addresses are its own, and answer 404. */
const services = ['cpr', 'slam', 'cmdb', 'im', 'monitoring'];

const configuration = (request: Request) =>
  Object.fromEntries(services.map(name => [`${name}_url`, `${baseOf(request)}/${name}`]));

export function serviceRoutes({ clock }: Orchestrator): Route[] {
  const json = info(clock.now());
  return [
    route('GET', '', () => ({ status: 200, text: 'INDIGO-Orchestrator', type: 'text/plain;charset=UTF-8' })),
    jsonRoute('GET', '/info', () => ({ status: 200, json })),
    jsonRoute('GET', '/configuration', request => ({ status: 200, json: configuration(request) })),
  ];
}
