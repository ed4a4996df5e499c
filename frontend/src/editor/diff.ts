import { editor } from "monaco-editor/editor";

import { LOOK } from "./look.ts";
import { createModel } from "./models.ts";
import { languageOf } from "./paths.ts";

/** One text beside another, to be looked at. Lines count from 0. */
export interface DiffView {
  show(before: string, after: string): void;
  look(look: DiffLook): void;
  /** Goes to a line of the text after. */
  reveal(line: number): void;
  dispose(): void;
}

export interface DiffLook {
  /** One text with both in it, not two beside each other. */
  inline: boolean;
  /** White space at both ends of a line does not count. */
  loosely: boolean;
}

export interface Sides {
  webtask: string;
  path: string;
  label: string;
}

let made = 0;

export function createDiff(element: HTMLElement, { webtask, path, label }: Sides): DiffView {
  // The texts of the one before may still be there.
  const mine = ++made;
  const model = (side: string) => createModel(`${side}-${mine}`, webtask, path, "", languageOf(path));
  const [original, modified] = [model("before"), model("after")];
  const view = editor.createDiffEditor(element, {
    ...LOOK,
    readOnly: true,
    domReadOnly: true,
    originalEditable: false,
    renderOverviewRuler: false,
    renderMarginRevertIcon: false,
    useInlineViewWhenSpaceIsLimited: false,
    hideUnchangedRegions: { enabled: true },
  });
  view.setModel({ original, modified });
  const name = () => {
    // An update drops the labels of both halves.
    view.getOriginalEditor().updateOptions({ ariaLabel: `${label}: before` });
    view.getModifiedEditor().updateOptions({ ariaLabel: `${label}: after` });
  };
  name();
  const listener = view.onDidUpdateDiff(name);
  return {
    show(before, after) {
      if (original.getValue() !== before) original.setValue(before);
      if (modified.getValue() !== after) modified.setValue(after);
    },
    look({ inline, loosely }) {
      view.updateOptions({ renderSideBySide: !inline, ignoreTrimWhitespace: loosely });
      name();
    },
    reveal(line) {
      view.getModifiedEditor().revealLineInCenter(line + 1);
    },
    dispose() {
      listener.dispose();
      view.setModel(null);
      view.dispose();
      // Not before Monaco, a moment later, gives up what is still being compared: that would find its texts gone.
      setTimeout(() => {
        original.dispose();
        modified.dispose();
      });
    },
  };
}
