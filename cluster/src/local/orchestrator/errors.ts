// The errors of the Orchestrator: status, its title and a message. Facts: indigo-dc/orchestrator dto/common/Error.java,
// exception/GlobalControllerExceptionHandler.java.
import { STATUS_CODES } from 'node:http';
import { type Answer, HttpError } from '../http.ts';

export const failure = (status: number, message: string): Answer => ({
  status,
  json: { code: status, title: STATUS_CODES[status] ?? '', message },
});

export const refuse = (status: number, message: string): HttpError => new HttpError(failure(status, message));
