// All rules there are; a new one is a file here and a line in this list.
import { booleanText } from './boolean-text.ts';
import { brokenImport } from './broken-import.ts';
import { circularCopy } from './circular-copy.ts';
import { circularType } from './circular-type.ts';
import { constraintViolation } from './constraint-violation.ts';
import { droppedKeyname } from './dropped-keyname.ts';
import { duplicateKey } from './duplicate-key.ts';
import { functionArgument } from './function-argument.ts';
import { importForm } from './import-form.ts';
import { importProblem } from './import-problem.ts';
import { importRepository } from './import-repository.ts';
import { incompatibleRefinement } from './incompatible-refinement.ts';
import { invalidConstraint } from './invalid-constraint.ts';
import { lateVersion } from './late-version.ts';
import { marathonAppName } from './marathon-app-name.ts';
import { mergeKey } from './merge-key.ts';
import { misplacedFunction } from './misplaced-function.ts';
import { missingArtifactFile } from './missing-artifact-file.ts';
import { missingEntrySchema } from './missing-entry-schema.ts';
import { missingKeyname } from './missing-keyname.ts';
import { missingProperty } from './missing-property.ts';
import { missingRequirement } from './missing-requirement.ts';
import { noMatchingCapability } from './no-matching-capability.ts';
import { requirementCount } from './requirement-count.ts';
import type { Rule } from './rule.ts';
import { unfitTarget } from './unfit-target.ts';
import { unknownArtifact } from './unknown-artifact.ts';
import { unknownAttribute } from './unknown-attribute.ts';
import { unknownCapability } from './unknown-capability.ts';
import { unknownFilter } from './unknown-filter.ts';
import { unknownFunction } from './unknown-function.ts';
import { unknownInput } from './unknown-input.ts';
import { unknownKeyname } from './unknown-keyname.ts';
import { unknownMapping } from './unknown-mapping.ts';
import { unknownNode } from './unknown-node.ts';
import { unknownOperation } from './unknown-operation.ts';
import { unknownProperty } from './unknown-property.ts';
import { unknownRelationship } from './unknown-relationship.ts';
import { unknownRequirement } from './unknown-requirement.ts';
import { unknownStep } from './unknown-step.ts';
import { unknownType } from './unknown-type.ts';
import { unknownVersion } from './unknown-version.ts';
import { unquotedText } from './unquoted-text.ts';
import { unreachableImport } from './unreachable-import.ts';
import { uselessImport } from './useless-import.ts';
import { wrongResult } from './wrong-result.ts';
import { wrongShape } from './wrong-shape.ts';
import { wrongType } from './wrong-type.ts';
import { yamlSyntax } from './yaml-syntax.ts';

export const rules: readonly Rule[] = [
  booleanText,
  brokenImport,
  circularCopy,
  circularType,
  constraintViolation,
  droppedKeyname,
  duplicateKey,
  functionArgument,
  importForm,
  importProblem,
  importRepository,
  incompatibleRefinement,
  invalidConstraint,
  lateVersion,
  marathonAppName,
  mergeKey,
  misplacedFunction,
  missingArtifactFile,
  missingEntrySchema,
  missingKeyname,
  missingProperty,
  missingRequirement,
  noMatchingCapability,
  requirementCount,
  unfitTarget,
  unknownArtifact,
  unknownAttribute,
  unknownCapability,
  unknownFilter,
  unknownFunction,
  unknownInput,
  unknownKeyname,
  unknownMapping,
  unknownNode,
  unknownOperation,
  unknownProperty,
  unknownRelationship,
  unknownRequirement,
  unknownStep,
  unknownType,
  unknownVersion,
  unquotedText,
  unreachableImport,
  uselessImport,
  wrongResult,
  wrongShape,
  wrongType,
  yamlSyntax,
];
