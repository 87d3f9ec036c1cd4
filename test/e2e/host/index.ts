// What VS Code calls inside the extension host. The cases are in the files imported here.
import './language.ts';
import './archives.ts';
import './cluster.ts';
import { runCases } from './runner.ts';

export const run = runCases;
