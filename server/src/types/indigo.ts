// The INDIGO types that the Orchestrator looks for by their exact names (indigo-dc/orchestrator ToscaServiceImpl); it recognises
// no type that derives from them.

export const marathonAppType = 'tosca.nodes.indigo.Container.Application.Docker.Marathon';
export const chronosJobType = 'tosca.nodes.indigo.Container.Application.Docker.Chronos';
export const dockerImageType = 'tosca.artifacts.Deployment.Image.Container.Docker';
