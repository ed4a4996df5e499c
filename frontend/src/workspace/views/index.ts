import type { Overlays } from "../overlays.ts";
import type { Views } from "../views.ts";
import CopiesDialog from "../merge/CopiesDialog.svelte";
import MergeDialog from "../merge/MergeDialog.svelte";
import ChangesView from "./ChangesView.svelte";
import Others from "../../people/Others.svelte";
import DraftsView from "./DraftsView.svelte";
import ForkDialog from "./ForkDialog.svelte";
import Files from "./Files.svelte";
import KeySheet from "./KeySheet.svelte";
import Palette from "./Palette.svelte";
import PublishDialog from "./PublishDialog.svelte";
import ModulesView from "./ModulesView.svelte";
import ScheduleView from "./ScheduleView.svelte";
import SecretsView from "./SecretsView.svelte";
import SettingsView from "./SettingsView.svelte";
import ShareDialog from "./ShareDialog.svelte";
import StorageView from "./StorageView.svelte";
import VersionsView from "./VersionsView.svelte";

export const views: Views = {
  changes: ChangesView,
  versions: VersionsView,
  secrets: SecretsView,
  storage: StorageView,
  schedule: ScheduleView,
  modules: ModulesView,
  settings: SettingsView,
  drafts: DraftsView,
};

export { Others };

export const overlays: Overlays = {
  commands: Palette,
  webtasks: Palette,
  keyboard: KeySheet,
  publish: PublishDialog,
  fork: ForkDialog,
  share: ShareDialog,
  merge: MergeDialog,
  copies: CopiesDialog,
};

export const files = Files;
