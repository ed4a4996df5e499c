/** What the editor tells about itself, for the status bar. */
export interface Status {
  line: number;
  column: number;
  errors: number;
  warnings: number;
  tabMovesFocus: boolean;
}
