// /logging: a form up to 1.4, JSON in 1.5. Facts: chaos http/LogConfigServlet.scala, marathon v1.5.6 api/SystemResource.scala.
import type { Answer, Request, Route } from '../http.ts';
import { levels } from './logging.ts';
import type { Marathon } from './marathon.ts';
import { fields, type Members, oneOf, readJson, text, whole } from './shape.ts';

export function loggingRoutes({ version, loggers }: Marathon): Route[] {
  const shape = fields({ logger: text(1), level: oneOf(...levels), durationSeconds: whole() }, ['logger', 'level']);

  function change(request: Request): Answer {
    const { logger, level, durationSeconds } = readJson(request.body, shape, version) as Members;
    const seconds = typeof durationSeconds === 'number' ? durationSeconds : undefined;
    loggers.set(String(logger), String(level), seconds);
    const asked = { level: String(level).toLowerCase(), logger };
    return { status: 200, json: seconds === undefined ? asked : { ...asked, durationSeconds: seconds } };
  }

  function changeByForm({ body }: Request): Answer {
    const form = new URLSearchParams(body);
    const [logger, level] = [form.get('logger') ?? '', form.get('level') ?? ''];
    if (logger !== '' && levels.some(each => each === level.toLowerCase())) loggers.set(logger, level, undefined);
    return page();
  }

  const page = (): Answer => ({
    status: 200,
    type: 'text/html;charset=UTF-8',
    text: `<!DOCTYPE html><title>Loggers</title><form method="post"><input name="logger"><select name="level">${levels
      .map(level => `<option>${level.toUpperCase()}</option>`)
      .join('')}</select><button>Set</button></form><ul>${Object.entries(loggers.all())
      .map(([logger, level]) => `<li>${escaped(logger)}: ${level}</li>`)
      .join('')}</ul>\n`,
  });

  const pattern = /^\/logging\/?$/;
  return version === '1.5.6'
    ? [
        { method: 'GET', pattern, handle: () => ({ status: 200, json: loggers.all() }) },
        { method: 'POST', pattern, handle: change },
      ]
    : [
        { method: 'GET', pattern, handle: page },
        { method: 'POST', pattern, handle: changeByForm },
      ];
}

const escaped = (value: string): string =>
  value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
