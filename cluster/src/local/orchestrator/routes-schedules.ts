// Schedules over HTTP: a deployment for each file that Rucio tells of. There is no Rucio here, so they are kept and nothing comes of them.
// Facts: indigo-dc/orchestrator controller/DeploymentScheduleController.java, service/DeploymentScheduleServiceImpl.java.
import { randomUUID } from 'node:crypto';
import type { Answer, Request, Route } from '../http.ts';
import { answerSchedule, baseOf } from './answer.ts';
import type { Schedule } from './deployment.ts';
import { refuse } from './errors.ts';
import type { Orchestrator } from './orchestrator.ts';
import { pageOf, type SortKeys } from './page.ts';
import { readTemplate, refuseWhatIsWrong } from './read-template.ts';
import { ownerOf, readScheduleRequest } from './request.ts';
import { jsonRoute, route } from './route.ts';
import { rawTemplate, wantedOwner } from './routes-deployments.ts';

const sortKeys: SortKeys<Schedule> = {
  id: ({ id }) => id,
  createdAt: ({ createdAt }) => createdAt,
  fileExpression: ({ fileExpression }) => fileExpression,
  replicationExpression: ({ replicationExpression }) => replicationExpression,
  numberOfReplicas: ({ numberOfReplicas }) => numberOfReplicas,
};

export function scheduleRoutes(orchestrator: Orchestrator): Route[] {
  const { store, clock } = orchestrator;

  function existing({ params }: Request): Schedule {
    const schedule = store.schedules.get(params.id ?? '');
    if (schedule === undefined) throw refuse(404, `The deployment <${params.id}> doesn't exist`);
    return schedule;
  }

  function list(request: Request): Answer {
    const owner = wantedOwner(request);
    const all = [...store.schedules.values()].filter(
      ({ createdBy }) =>
        owner === undefined || (createdBy?.subject === owner.subject && createdBy.issuer === owner.issuer),
    );
    const shown = (schedule: Schedule) => answerSchedule(schedule, baseOf(request));
    return { status: 200, json: pageOf(request, all, sortKeys, 'DeploymentSchedule', shown) };
  }

  async function create(request: Request): Promise<Answer> {
    const asked = readScheduleRequest(request);
    const id = randomUUID();
    const createdBy = ownerOf(request);
    refuseWhatIsWrong((await readTemplate(orchestrator, asked, { id, createdBy })).reading);
    const schedule = {
      ...asked,
      id,
      createdAt: clock.now(),
      ...(createdBy === undefined ? {} : { createdBy }),
    };
    store.addSchedule(schedule);
    return { status: 201, json: answerSchedule(schedule, baseOf(request)) };
  }

  return [
    jsonRoute('GET', '/schedules', list),
    jsonRoute('POST', '/schedules', create),
    jsonRoute('GET', '/schedules/{id}', request => ({
      status: 200,
      json: answerSchedule(existing(request), baseOf(request)),
    })),
    // The real one does not look whether there is such a schedule.
    jsonRoute('GET', '/schedules/{id}/events', request => ({
      status: 200,
      json: pageOf(request, [], { createdAt: () => 0 }, 'DeploymentScheduleEvent', event => event),
    })),
    route('GET', '/schedules/{id}/template', request => rawTemplate(request, existing(request).template)),
  ];
}
