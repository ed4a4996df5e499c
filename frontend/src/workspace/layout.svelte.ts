/** Where the panes are and how large; remembered on this device for all webtasks. */
export type Panel = "run" | "versions" | "settings";
export type Pane = "code" | "logs" | Panel;

const KEY = "webtasks:layout";
const NARROW = "(width < 800px)";

interface Sizes {
  side: number;
  drawer: number;
  open: boolean;
}

export class Layout {
  side = $state(400);
  drawer = $state(220);
  drawerOpen = $state(true);
  /** What the side panel shows on wide screens. */
  panel = $state<Panel>("run");
  /** The one pane of a narrow screen. */
  pane = $state<Pane>("code");
  narrow = $state(false);
  width = $state(0);
  height = $state(0);

  constructor() {
    const { side, drawer, open } = read();
    if (side) this.side = side;
    if (drawer) this.drawer = drawer;
    if (open !== undefined) this.drawerOpen = open;
  }

  /** Follows the window. Returns the way to stop. */
  watch(): () => void {
    const query = matchMedia(NARROW);
    const measure = () => {
      this.narrow = query.matches;
      this.width = innerWidth;
      this.height = innerHeight;
    };
    measure();
    addEventListener("resize", measure);
    return () => removeEventListener("resize", measure);
  }

  get maxSide(): number {
    return Math.max(280, this.width - 420);
  }

  get maxDrawer(): number {
    return Math.max(120, this.height - 260);
  }

  show(pane: Pane): void {
    this.pane = pane;
    if (pane === "logs") this.drawerOpen = true;
    else if (pane !== "code") this.panel = pane;
    this.remember();
  }

  toggleDrawer(): void {
    if (this.narrow) return this.show(this.pane === "logs" ? "code" : "logs");
    this.drawerOpen = !this.drawerOpen;
    this.remember();
  }

  remember(): void {
    const sizes: Sizes = { side: this.side, drawer: this.drawer, open: this.drawerOpen };
    try {
      localStorage.setItem(KEY, JSON.stringify(sizes));
    } catch {
      // A full device only forgets the sizes.
    }
  }
}

function read(): Partial<Sizes> {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<Sizes>;
  } catch {
    return {};
  }
}
