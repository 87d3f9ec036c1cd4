// What TOSCA allows where: for each construct its keynames, what stands behind each, and since when. Data only; read.ts walks it.
// Source: TOSCA Simple Profile in YAML 1.0 to 1.3, with the drafts' keynames that INDIGO's production parser still takes.
import { behaviour } from './behaviour.ts';
import { definitions } from './definitions.ts';
import { file } from './file.ts';
import type { Construct, Grammar } from './shape.ts';
import { templates } from './templates.ts';

export { type Construct, type Keyname, type Shape, type TypeKind, typeKeynames } from './shape.ts';

export const grammar: Grammar<Construct> = { ...file, ...templates, ...behaviour, ...definitions };
