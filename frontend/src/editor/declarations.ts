import { javascriptDefaults, typescriptDefaults } from "monaco-editor/languages/features/typescript/register";

const held = new Map<string, { dispose(): void }[]>();
const DEFAULTS = [javascriptDefaults, typescriptDefaults];

/** A declaration file by its path below file:///, for whichever of the two compilers is at work. */
export function declare(path: string, content: string): void {
  const filePath = `file:///${path}`;
  // Not setExtraLibs: that makes new versions of all files, and the compiler reads Node's again.
  held.set(
    path,
    DEFAULTS.map((defaults) => defaults.addExtraLib(content, filePath)),
  );
}

export function forget(path: string): void {
  held.get(path)?.forEach((declared) => declared.dispose());
  held.delete(path);
}

export function onDeclared(told: () => void): { dispose(): void } {
  const heard = DEFAULTS.map((defaults) => defaults.onDidExtraLibsChange(told));
  return { dispose: () => heard.forEach((one) => one.dispose()) };
}
