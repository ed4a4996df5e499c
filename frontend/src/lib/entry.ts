const CODE = /\.[cm]?[jt]s$/;

/** What the executor calls the webtask's own code (console/webtasks/files.py): its name, with an ending. */
export function entryOf(webtask: string): string {
  const name = webtask.slice(webtask.lastIndexOf("/") + 1);
  return isCode(name) ? name : `${name}.js`;
}

export function isCode(path: string): boolean {
  return CODE.test(path);
}
