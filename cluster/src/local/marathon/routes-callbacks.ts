// /v2/eventSubscriptions, up to 1.4. Facts: marathon v1.1.1 and v1.4.1 api/v2/EventSubscriptionsResource.scala.
import { timestamp } from '../clock.ts';
import type { Answer, Request, Route } from '../http.ts';
import { type Marathon, refuse } from './marathon.ts';

export function callbackRoutes({ version, callbacks, events, clock }: Marathon): Route[] {
  if (version === '1.5.6') return [];

  function urlOf({ query }: Request): string {
    const url = query.get('callbackUrl') ?? '';
    if (!URL.canParse(url)) throw refuse(400, `The callbackUrl "${url}" is no address that events can be posted to.`);
    return url;
  }

  function told(eventType: string, request: Request, callbackUrl: string): Answer {
    const fields = { clientIp: request.remoteAddress, callbackUrl };
    events.publish(eventType, fields);
    return { status: 200, json: { ...fields, eventType, timestamp: timestamp(clock.now()) } };
  }

  function subscribe(request: Request): Answer {
    const url = urlOf(request);
    callbacks.subscribe(url);
    return told('subscribe_event', request, url);
  }

  function unsubscribe(request: Request): Answer {
    const url = urlOf(request);
    callbacks.unsubscribe(url);
    return told('unsubscribe_event', request, url);
  }

  const pattern = /^\/v2\/eventSubscriptions\/?$/;
  return [
    { method: 'GET', pattern, handle: () => ({ status: 200, json: { callbackUrls: [...callbacks.urls] } }) },
    { method: 'POST', pattern, handle: subscribe },
    { method: 'DELETE', pattern, handle: unsubscribe },
  ];
}
