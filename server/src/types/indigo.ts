// The INDIGO types that the Orchestrator looks for by their exact names (indigo-dc/orchestrator ToscaServiceImpl); it recognises
// no type that derives from them.

export const marathonAppType = 'tosca.nodes.indigo.Container.Application.Docker.Marathon';
export const chronosJobType = 'tosca.nodes.indigo.Container.Application.Docker.Chronos';
export const dockerRuntimeType = 'tosca.nodes.indigo.Container.Runtime.Docker';
export const dockerImageType = 'tosca.artifacts.Deployment.Image.Container.Docker';

/** Values that the Orchestrator fills in for each kind of Onedata node, before it builds apps and jobs. */
export const onedataTypes: ReadonlyMap<string, readonly string[]> = new Map([
  ['tosca.nodes.indigo.OnedataSpace', ['onezone', 'token', 'selected_provider']],
  ['tosca.nodes.indigo.OnedataServiceSpace', ['onezone', 'token', 'selected_provider', 'space', 'path']],
]);
