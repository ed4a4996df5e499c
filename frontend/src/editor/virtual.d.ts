/** Made by build/nodeTypes.ts. */
declare module "virtual:node-types" {
  const files: Record<string, string>;
  export default files;
}

/** Monaco types only what registers them. */
declare module "monaco-editor/languages/definitions/javascript/javascript" {
  export const conf: import("monaco-editor/editor").languages.LanguageConfiguration;
  export const language: import("monaco-editor/editor").languages.IMonarchLanguage;
}

declare module "monaco-editor/languages/definitions/typescript/typescript" {
  export const conf: import("monaco-editor/editor").languages.LanguageConfiguration;
  export const language: import("monaco-editor/editor").languages.IMonarchLanguage;
}
