// All rules there are; a new one is a file here and a line in this list.
import { booleanText } from './boolean-text.ts';
import { brokenImport } from './broken-import.ts';
import { capabilityType } from './capability-type.ts';
import { chronosDrops } from './chronos-drops.ts';
import { chronosEpsilon } from './chronos-epsilon.ts';
import { circularCopy } from './circular-copy.ts';
import { circularType } from './circular-type.ts';
import { commandText } from './command-text.ts';
import { constraintViolation } from './constraint-violation.ts';
import { dependencyLoop } from './dependency-loop.ts';
import { derivedAppType } from './derived-app-type.ts';
import { droppedKeyname } from './dropped-keyname.ts';
import { duplicateKey } from './duplicate-key.ts';
import { duplicateServicePort } from './duplicate-service-port.ts';
import { emptySection } from './empty-section.ts';
import { environmentName } from './environment-name.ts';
import { functionArgument } from './function-argument.ts';
import { functionAtDeployment } from './function-at-deployment.ts';
import { gpuContainer } from './gpu-container.ts';
import { haproxyLabel } from './haproxy-label.ts';
import { hostKind } from './host-kind.ts';
import { httpsWithoutPorts } from './https-without-ports.ts';
import { igmpPort } from './igmp-port.ts';
import { ignoredResource } from './ignored-resource.ts';
import { imageFile } from './image-file.ts';
import { imageType } from './image-type.ts';
import { importForm } from './import-form.ts';
import { importProblem } from './import-problem.ts';
import { importRepository } from './import-repository.ts';
import { incompatibleRefinement } from './incompatible-refinement.ts';
import { instanceRange } from './instance-range.ts';
import { invalidConstraint } from './invalid-constraint.ts';
import { lateVersion } from './late-version.ts';
import { marathonAppName } from './marathon-app-name.ts';
import { mergeKey } from './merge-key.ts';
import { metadataValue } from './metadata-value.ts';
import { misplacedFunction } from './misplaced-function.ts';
import { missingArtifactFile } from './missing-artifact-file.ts';
import { missingEntrySchema } from './missing-entry-schema.ts';
import { missingKeyname } from './missing-keyname.ts';
import { missingProperty } from './missing-property.ts';
import { missingRequirement } from './missing-requirement.ts';
import { mixedKinds } from './mixed-kinds.ts';
import { noHost } from './no-host.ts';
import { noImage } from './no-image.ts';
import { noMatchingCapability } from './no-matching-capability.ts';
import { numberInput } from './number-input.ts';
import { numberRange } from './number-range.ts';
import { optionalInput } from './optional-input.ts';
import { outputWithoutValue } from './output-without-value.ts';
import { parserCrash } from './parser-crash.ts';
import { placementConstraint } from './placement-constraint.ts';
import { placementPolicy } from './placement-policy.ts';
import { plainSecret } from './plain-secret.ts';
import { portWithoutSource } from './port-without-source.ts';
import { releaseGpus } from './release-gpus.ts';
import { releaseSecrets } from './release-secrets.ts';
import { renamedNode } from './renamed-node.ts';
import { requirementCount } from './requirement-count.ts';
import type { Rule } from './rule.ts';
import { scheduleAndParents } from './schedule-and-parents.ts';
import { scheduleGrammar } from './schedule-grammar.ts';
import { scheduleRepeats } from './schedule-repeats.ts';
import { scheduleStart } from './schedule-start.ts';
import { servicePort } from './service-port.ts';
import { severalHosts } from './several-hosts.ts';
import { sharedRuntime } from './shared-runtime.ts';
import { sharedVolume } from './shared-volume.ts';
import { tokenIndex } from './token-index.ts';
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
import { unknownRelease } from './unknown-release.ts';
import { unknownRepository } from './unknown-repository.ts';
import { unknownRequirement } from './unknown-requirement.ts';
import { unknownStep } from './unknown-step.ts';
import { unknownType } from './unknown-type.ts';
import { unknownVersion } from './unknown-version.ts';
import { unquotedText } from './unquoted-text.ts';
import { unreachableImport } from './unreachable-import.ts';
import { unsetProperty } from './unset-property.ts';
import { unsupportedFunction } from './unsupported-function.ts';
import { unusedInput } from './unused-input.ts';
import { unusedNode } from './unused-node.ts';
import { uriSyntax } from './uri-syntax.ts';
import { uselessImport } from './useless-import.ts';
import { volumeGrammar } from './volume-grammar.ts';
import { volumeMode } from './volume-mode.ts';
import { volumeName } from './volume-name.ts';
import { volumePath } from './volume-path.ts';
import { wrongResult } from './wrong-result.ts';
import { wrongShape } from './wrong-shape.ts';
import { wrongType } from './wrong-type.ts';
import { yamlSyntax } from './yaml-syntax.ts';

export const rules: readonly Rule[] = [
  booleanText,
  brokenImport,
  capabilityType,
  chronosDrops,
  chronosEpsilon,
  circularCopy,
  circularType,
  commandText,
  constraintViolation,
  dependencyLoop,
  derivedAppType,
  droppedKeyname,
  duplicateKey,
  duplicateServicePort,
  emptySection,
  environmentName,
  functionArgument,
  functionAtDeployment,
  gpuContainer,
  haproxyLabel,
  hostKind,
  httpsWithoutPorts,
  igmpPort,
  ignoredResource,
  imageFile,
  imageType,
  importForm,
  importProblem,
  importRepository,
  incompatibleRefinement,
  instanceRange,
  invalidConstraint,
  lateVersion,
  marathonAppName,
  mergeKey,
  metadataValue,
  misplacedFunction,
  missingArtifactFile,
  missingEntrySchema,
  missingKeyname,
  missingProperty,
  missingRequirement,
  mixedKinds,
  noHost,
  noImage,
  noMatchingCapability,
  numberInput,
  numberRange,
  optionalInput,
  outputWithoutValue,
  parserCrash,
  placementConstraint,
  placementPolicy,
  plainSecret,
  portWithoutSource,
  releaseGpus,
  releaseSecrets,
  renamedNode,
  requirementCount,
  scheduleAndParents,
  scheduleGrammar,
  scheduleRepeats,
  scheduleStart,
  servicePort,
  severalHosts,
  sharedRuntime,
  sharedVolume,
  tokenIndex,
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
  unknownRelease,
  unknownRepository,
  unknownRequirement,
  unknownStep,
  unknownType,
  unknownVersion,
  unquotedText,
  unreachableImport,
  unsetProperty,
  unsupportedFunction,
  unusedInput,
  unusedNode,
  uriSyntax,
  uselessImport,
  volumeGrammar,
  volumeMode,
  volumeName,
  volumePath,
  wrongResult,
  wrongShape,
  wrongType,
  yamlSyntax,
];
