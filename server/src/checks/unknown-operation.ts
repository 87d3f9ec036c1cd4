// An interface or an operation that the type does not have: nobody calls it.
import { type Entry, get, items, name, text } from '../syntax/nodes.ts';
import { entityOf } from '../template/entities.ts';
import { type FilledIn, filledInterfaces, interfaceNames, operationsIn, operationsOf } from '../template/interfaces.ts';
import { placeOf } from '../template/places.ts';
import { nearest, suggest } from './nearest.ts';
import type { Rule } from './rule.ts';

export const unknownOperation: Rule = {
  code: 'unknown-operation',
  severity: 'error',
  check(part, report) {
    const { template, calls } = part;
    const { catalog } = template;
    // before 1.3, what a template writes is a definition of its own
    const severity = template.dialect === 'strict' && template.version === '1.3' ? 'error' : 'warning';
    for (const filled of filledInterfaces(part)) look(filled);
    for (const call of calls) {
      if (call.name !== 'get_operation_output') continue;
      const [first, second, third] = items(call.argument);
      const type = entityOf(template, text(first) ?? '', placeOf(part, call))?.type;
      const of = text(second);
      if (type === undefined || second === undefined || third === undefined || of === undefined) continue;
      const operations = operationsOf(catalog, type, of);
      if (operations === undefined)
        tell(second, `${type.name} has no interface "${of}"`, nearest(of, interfaceNames(type)));
      else if (operations !== 'unknown' && !operations.has(text(third) ?? ''))
        tell(third, `The interface "${of}" has no operation "${text(third)}"`, nearest(text(third) ?? '', operations));
    }

    function look({ type, interfaces }: FilledIn): void {
      if (type.missingParent !== undefined) return;
      for (const each of interfaces) {
        if (get(each.value, 'type') !== undefined) continue; // says itself what it is
        const operations = operationsOf(catalog, type, name(each));
        if (operations === undefined)
          tell(
            each.key,
            `${type.name} has no interface "${name(each)}"`,
            nearest(name(each), [...interfaceNames(type), ...(type.kind === 'node' ? ['Standard'] : ['Configure'])]),
          );
        else if (operations !== 'unknown') {
          for (const operation of operationsIn(each.value)) {
            if (operations.has(name(operation))) continue;
            tell(
              operation.key,
              `The interface "${name(each)}" has no operation "${name(operation)}"`,
              nearest(name(operation), operations),
            );
          }
        }
      }
    }

    function tell(at: Entry['key'], message: string, meant: string | undefined): void {
      const { text: hint, fixes } = suggest(at, meant);
      report({ at, severity, message: `${message}.${hint}`, fixes });
    }
  },
};
