/** The part of Monaco's untyped worker module that typescript.ts builds on. */
declare module "monaco-editor/languages/features/typescript/ts.worker" {
  export class TypeScriptWorker {
    constructor(context: unknown, data: unknown);
    _getScriptText(file: string): string | undefined;
    getScriptKind(file: string): number;
    _getModel(file: string): object | null;
  }
  export function initialize(create: (context: unknown, data: unknown) => TypeScriptWorker): void;
}
