// Reads the bodies of requests, and refuses those that break the rules of a deployment or a schedule.
// Facts: indigo-dc/orchestrator dto/request/{DeploymentRequest,DeploymentScheduleRequest}.java; the forms of the messages are Spring's.
import type { Json } from '../../../../protocol/src/plan.ts';
import type { Request } from '../http.ts';
import type { DeploymentRequest, Owner, Schedule } from './deployment.ts';
import { refuse } from './errors.ts';

type Members = Readonly<Record<string, Json>>;

export function readBody({ headers, body }: Request): Members {
  const type = headers['content-type'];
  if (!/^application\/(?:[\w.-]+\+)?json\b/i.test(type ?? '')) {
    throw refuse(415, `Content type '${type ?? ''}' not supported`);
  }
  if (body === '') throw refuse(400, 'Required request body is missing');
  let json: Json;
  try {
    json = JSON.parse(body);
  } catch (error) {
    throw refuse(400, `JSON parse error: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!isObject(json))
    throw refuse(400, 'JSON parse error: Cannot deserialize instance of an object out of this value');
  return json;
}

export function readDeploymentRequest(request: Request): DeploymentRequest {
  const json = readBody(request);
  const found = findings('deploymentRequest');
  const read = readCommon(json, found);
  found.refuse();
  return read;
}

export function readScheduleRequest(
  request: Request,
): DeploymentRequest & Pick<Schedule, 'fileExpression' | 'replicationExpression' | 'numberOfReplicas'> {
  const json = readBody(request);
  const found = findings('deploymentScheduleRequest');
  const read = readCommon(json, found);
  const fileExpression = text(json, 'fileExpression');
  const replicationExpression = text(json, 'replicationExpression');
  const numberOfReplicas = integer(json, 'numberOfReplicas');
  if (fileExpression === undefined) found.add('fileExpression', null, 'may not be null');
  if (replicationExpression === undefined) found.add('replicationExpression', null, 'may not be null');
  if (numberOfReplicas === undefined) found.add('numberOfReplicas', null, 'may not be null');
  found.refuse();
  return {
    ...read,
    fileExpression: fileExpression ?? '',
    replicationExpression: replicationExpression ?? '',
    numberOfReplicas: numberOfReplicas ?? 0,
  };
}

function readCommon(json: Members, found: ReturnType<typeof findings>): DeploymentRequest {
  const template = text(json, 'template');
  const callback = text(json, 'callback');
  const timeoutMins = integer(json, 'timeoutMins');
  const providerTimeoutMins = integer(json, 'providerTimeoutMins');
  const maxProvidersRetry = integer(json, 'maxProvidersRetry');
  const userGroup = text(json, 'userGroup');
  const { parameters = {}, keepLastAttempt } = json;
  if (keepLastAttempt !== undefined && keepLastAttempt !== null && !isBoolean(keepLastAttempt))
    throw notOfType('keepLastAttempt', 'boolean');
  if (template === undefined) found.add('template', null, 'A TOSCA template must be provided');
  if (parameters === null) found.add('parameters', null, 'may not be null');
  else if (!isObject(parameters)) throw notOfType('parameters', 'map');
  if (callback !== undefined && !/^https?:.*/.test(callback))
    found.add('callback', callback, 'Callback value, if provided, must be a valid HTTP or HTTPS URL');
  if (timeoutMins !== undefined && timeoutMins < 1)
    found.add('timeoutMins', timeoutMins, 'Overall timeout value, if provided, must be at least of 1 minute');
  if (providerTimeoutMins !== undefined && providerTimeoutMins < 1)
    found.add(
      'providerTimeoutMins',
      providerTimeoutMins,
      'Provider timeout value, if provided, must be at least of 1 minute and equal or less than timeoutMins',
    );
  if (maxProvidersRetry !== undefined && maxProvidersRetry < 1)
    found.add('maxProvidersRetry', maxProvidersRetry, 'maxProvidersRetry value, if provided, must be at least of 1');
  return {
    template: template ?? '',
    parameters: isObject(parameters) ? parameters : {},
    ...(callback === undefined ? {} : { callback }),
    ...(timeoutMins === undefined ? {} : { timeoutMins }),
    ...(providerTimeoutMins === undefined ? {} : { providerTimeoutMins }),
    ...(userGroup === undefined ? {} : { userGroup }),
  };
}

/** Looked at only once the template is found to be good. */
export function checkTimeouts({ timeoutMins, providerTimeoutMins }: DeploymentRequest): void {
  if (timeoutMins !== undefined && providerTimeoutMins !== undefined && providerTimeoutMins > timeoutMins)
    throw refuse(400, 'ProviderTimeout must be <= Timeout');
}

/** Gathers what breaks the rules of a body, for one answer that names it all. */
export function findings(object: string) {
  const all: string[] = [];
  return {
    add: (field: string, value: Json, message: string) =>
      all.push(
        `[Field error in object '${object}' on field '${field}': rejected value [${value}]; default message [${message}]] `,
      ),
    refuse() {
      if (all.length === 0) return;
      throw refuse(400, `Validation failed for argument at index 0, with ${all.length} error(s): ${all.join('')}`);
    },
  };
}

const isObject = (value: Json | undefined): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isBoolean = (value: Json): boolean => typeof value === 'boolean' || /^(?:true|false)$/.test(String(value));

const notOfType = (field: string, type: string) =>
  refuse(400, `JSON parse error: Cannot deserialize value of member "${field}": a ${type} is expected`);

/** Jackson takes any single value for a text. */
export function text(json: Members, field: string): string | undefined {
  const value = json[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'object') throw notOfType(field, 'string');
  return String(value);
}

function integer(json: Members, field: string): number | undefined {
  const value = json[field];
  if (value === undefined || value === null || value === '') return undefined;
  const number = typeof value === 'string' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) throw notOfType(field, 'integer');
  return Math.trunc(number);
}

/** Whose token it is, as it says itself: nobody checks tokens here. Undefined without one. */
export function ownerOf({ headers }: Request): Owner | undefined {
  const [, payload] = /^Bearer\s+[\w-]+\.([\w-]+)\./i.exec(headers.authorization ?? '') ?? [];
  if (payload === undefined) return undefined;
  try {
    const { iss, sub } = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    return typeof iss === 'string' && typeof sub === 'string' ? { issuer: iss, subject: sub } : undefined;
  } catch {
    return undefined;
  }
}
