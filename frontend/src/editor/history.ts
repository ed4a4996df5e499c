import { type editor, type IRange, Selection } from "monaco-editor/editor";

type Model = editor.ITextModel;
type Changed = editor.IModelContentChangedEvent;

/** The end of the text that an edit wrote, or the place where it took some away. */
const endOf = ({ endLineNumber: line, endColumn: column }: IRange) =>
  new Selection(line, column, line, column);

/**
 * The text of a model for another one, which `make` makes, and with it what undo and redo have. Monaco keeps a history by the name
 * of its model and gives it to no other: so the old one goes back to its beginning and forth again, and the new one does the same.
 */
export function moved(from: Model, make: (text: string) => Model): Model {
  const text = from.getValue();
  const ahead = count(() => from.canRedo() && from.redo());
  const steps = count(() => from.canUndo() && from.undo());
  const to = make(from.getValue());
  const listener = from.onDidChangeContent((event) => repeat(to, event));
  for (let step = 0; step < steps; step++) void from.redo();
  listener.dispose();
  for (let step = 0; step < ahead; step++) void to.undo();
  // Whatever a step may have been that was not told: the text is what counts.
  if (to.getValue() !== text) to.setValue(text);
  // Monaco would keep its history for the next model of that name.
  from.setValue("");
  return to;
}

function count(step: () => unknown): number {
  let steps = 0;
  while (step() !== false) steps++;
  return steps;
}

function repeat(to: Model, { changes, isEolChange, eol }: Changed): void {
  to.pushStackElement();
  if (isEolChange) to.pushEOL(eol === "\n" ? 0 : 1);
  const before = changes.map(({ range }) => endOf(range));
  const edits = changes.map(({ range, text }) => ({ range, text, forceMoveMarkers: true }));
  to.pushEditOperations(before, edits, (inverse) => inverse.map(({ range }) => endOf(range)));
  to.pushStackElement();
}
