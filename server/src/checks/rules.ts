// All rules there are; a new one is a file here and a line in this list.
import { booleanText } from './boolean-text.ts';
import { brokenImport } from './broken-import.ts';
import { constraintViolation } from './constraint-violation.ts';
import { duplicateKey } from './duplicate-key.ts';
import { importForm } from './import-form.ts';
import { importProblem } from './import-problem.ts';
import { importRepository } from './import-repository.ts';
import { marathonAppName } from './marathon-app-name.ts';
import { missingArtifactFile } from './missing-artifact-file.ts';
import { missingKeyname } from './missing-keyname.ts';
import { missingProperty } from './missing-property.ts';
import type { Rule } from './rule.ts';
import { unknownAttribute } from './unknown-attribute.ts';
import { unknownCapability } from './unknown-capability.ts';
import { unknownFunction } from './unknown-function.ts';
import { unknownInput } from './unknown-input.ts';
import { unknownKeyname } from './unknown-keyname.ts';
import { unknownNode } from './unknown-node.ts';
import { unknownProperty } from './unknown-property.ts';
import { unknownRequirement } from './unknown-requirement.ts';
import { unknownType } from './unknown-type.ts';
import { unknownVersion } from './unknown-version.ts';
import { unreachableImport } from './unreachable-import.ts';
import { uselessImport } from './useless-import.ts';
import { wrongShape } from './wrong-shape.ts';
import { wrongType } from './wrong-type.ts';
import { yamlSyntax } from './yaml-syntax.ts';

export const rules: readonly Rule[] = [
  booleanText,
  constraintViolation,
  duplicateKey,
  importProblem,
  uselessImport,
  unreachableImport,
  missingArtifactFile,
  importRepository,
  importForm,
  brokenImport,
  marathonAppName,
  missingKeyname,
  missingProperty,
  unknownAttribute,
  unknownCapability,
  unknownFunction,
  unknownInput,
  unknownKeyname,
  unknownNode,
  unknownProperty,
  unknownRequirement,
  unknownType,
  unknownVersion,
  wrongShape,
  wrongType,
  yamlSyntax,
];
