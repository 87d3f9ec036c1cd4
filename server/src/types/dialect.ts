// Whose rules count: the standard's, or those of INDIGO's production parser and Orchestrator.

export type Dialect = 'strict' | 'orchestrator';
