/** What the workspace needs of an editor, whichever draws it: Monaco or a plain text area. */
export interface CodeEditor {
  /** Replaces the text as one step that undo takes back. */
  replace(code: string): void;
  focus(): void;
}

export interface Cursor {
  line: number;
  column: number;
}

export interface EditorEvents {
  onChange: (code: string) => void;
  onBlur?: () => void;
  onCursor?: (cursor: Cursor) => void;
  onProblems?: (errors: number, warnings: number) => void;
  onTabMode?: (movesFocus: boolean) => void;
}
