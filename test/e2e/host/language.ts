// Templates in the editor: which documents are TOSCA, what is said of them, completion and hover.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { behind, diagnosticsOf, folder, open, openNew, replace, textOf, when } from './editor.ts';
import { test } from './runner.ts';

test('the extension wakes up with a template, and all its commands are there', async () => {
  await open('web.tosca.yaml');
  const extension = vscode.extensions.getExtension('tosca-mesos.tosca-mesos');
  assert.ok(extension, 'the extension is installed');
  await extension.activate();
  const manifest = extension.packageJSON as { contributes: { commands: readonly { command: string }[] } };
  const registered = await vscode.commands.getCommands(true);
  const declared = manifest.contributes.commands.map(({ command }) => command);
  assert.deepEqual(
    declared.filter(command => !registered.includes(command)),
    [],
  );
});

test('examples are TOSCA, and nothing is wrong with them', async () => {
  const examples = await vscode.workspace.fs.readDirectory(folder());
  assert.ok(examples.length >= 4);
  for (const [name] of examples) {
    const document = await open(name);
    assert.equal(document.languageId, 'tosca', name);
    // Broken and mended again, so that what is awaited is the server's word and not its silence.
    await replace(document, 'topology_template:', 'topology_templat:');
    await diagnosticsOf(document, list => list.length > 0);
    await replace(document, 'topology_templat:', 'topology_template:');
    await diagnosticsOf(document, list => list.length === 0);
    await document.save();
  }
});

test('a YAML file is TOSCA by its first lines, and only then', async () => {
  const languageOf = (document: vscode.TextDocument) =>
    vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === document.uri.toString())?.languageId;
  const template = await openNew('language/template.yml', `# A template\n${await textOf('web.tosca.yaml')}`);
  await when(
    vscode.workspace.onDidOpenTextDocument,
    () => languageOf(template),
    language => language === 'tosca',
    language => `The language is ${language}.`,
  );
  const other = await openNew('language/other.yaml', 'kind: Deployment\n');
  assert.equal(languageOf(other), 'yaml');
  await replace(other, 'kind: Deployment', 'tosca_definitions_version: tosca_simple_yaml_1_0');
  await when(
    vscode.workspace.onDidOpenTextDocument,
    () => languageOf(other),
    language => language === 'tosca',
    language => `The language is ${language}.`,
  );
});

test('a mistake is reported where it is, with its rule, and goes away with its fix', async () => {
  const text = await textOf('web.tosca.yaml');
  const document = await openNew('mistake.tosca.yaml', text.replace('command:', 'comand:'));
  const [diagnostic] = await diagnosticsOf(document, list => list.length > 0);
  assert.ok(diagnostic);
  assert.equal(document.getText(diagnostic.range), 'comand');
  assert.equal(diagnostic.severity, vscode.DiagnosticSeverity.Error);
  assert.equal(diagnostic.source, 'tosca');
  assert.match(diagnostic.message, /command/);
  const code = diagnostic.code;
  assert.ok(typeof code === 'object', 'the code is a link to its documentation');
  assert.equal(code.value, 'unknown-property');

  const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
    'vscode.executeCodeActionProvider',
    document.uri,
    diagnostic.range,
    vscode.CodeActionKind.QuickFix.value,
  );
  const fix = actions.find(({ edit }) => edit !== undefined);
  assert.ok(fix?.edit, `a fix is offered; there are: ${actions.map(({ title }) => title).join(', ') || 'none'}`);
  await vscode.workspace.applyEdit(fix.edit);
  assert.equal(document.getText(), text);
  await diagnosticsOf(document, list => list.length === 0);
});

test('half-typed text is reported and does not hide other mistakes', async () => {
  const text = await textOf('two-services.tosca.yaml');
  const half = text.replace('host: worker_runtime', 'host: worker_runtim').replace('file: busybox', 'file: "busybox');
  const document = await openNew('half.tosca.yaml', half);
  const diagnostics = await diagnosticsOf(document, list =>
    list.some(({ message }) => message.includes('worker_runtim')),
  );
  assert.ok(diagnostics.some(({ code }) => typeof code === 'object' && code.value === 'yaml-syntax'));
});

test('completion offers the properties of the type at hand, with what they mean', async () => {
  const text = await textOf('web.tosca.yaml');
  const document = await openNew('completion.tosca.yaml', text.replace(/^ {8}command:.*$/m, '        com'));
  const list = await vscode.commands.executeCommand<vscode.CompletionList>(
    'vscode.executeCompletionItemProvider',
    document.uri,
    behind(document, '\n        com'),
  );
  const item = list.items.find(({ label }) => (typeof label === 'string' ? label : label.label) === 'command');
  assert.ok(item, `"command" is offered among ${list.items.length}`);
  assert.ok(plain(item.documentation).length > 20, 'and described');
});

test('completion offers the types that are imported', async () => {
  const text = await textOf('web.tosca.yaml');
  const start = 'type: tosca.nodes.indigo.Container.Ru';
  const document = await openNew(
    'types.tosca.yaml',
    text.replace('type: tosca.nodes.indigo.Container.Runtime.Docker', start),
  );
  const list = await vscode.commands.executeCommand<vscode.CompletionList>(
    'vscode.executeCompletionItemProvider',
    document.uri,
    behind(document, start),
  );
  const labels = list.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
  assert.ok(labels.includes('tosca.nodes.indigo.Container.Runtime.Docker'), labels.slice(0, 20).join(', '));
});

test('hovering tells what a property and a type are', async () => {
  const document = await open('web.tosca.yaml');
  for (const [text, wanted] of [
    ['mem_size', /memory/i],
    ['Container.Application.Docker.Marathon', /Marathon/],
  ] as const) {
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      behind(document, text).translate(0, -1),
    );
    const said = hovers.flatMap(({ contents }) => contents.map(plain)).join('\n');
    assert.match(said, wanted);
    assert.ok(said.length > 40, said);
  }
});

/** The text of documentation, in whichever of its forms. */
function plain(text: vscode.MarkdownString | vscode.MarkedString | undefined): string {
  if (text === undefined || typeof text === 'string') return text ?? '';
  return text.value;
}
