/**
 * Where the panes are and how large; remembered on this device for all webtasks. In a cookie: the server draws them there
 * before this has loaded (console/web/templatetags/page.py).
 */
const COOKIE = "webtasks_layout";
const YEAR = 365 * 24 * 3600;
const NARROW = "(width < 800px)";

export class Layout {
  side = $state(400);
  drawer = $state(220);
  drawerOpen = $state(true);
  /** The rail with its words, not its icons alone. */
  railOpen = $state(true);
  /** Whether a narrow screen shows the Run panel instead of the view. */
  running = $state(false);
  narrow = $state(false);
  width = $state(0);
  height = $state(0);

  constructor() {
    Object.assign(this, parse(document.cookie));
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
    return Math.max(280, this.width - (this.railOpen ? 560 : 460));
  }

  get maxDrawer(): number {
    return Math.max(120, this.height - 260);
  }

  openDrawer(open: boolean): void {
    this.drawerOpen = open;
    this.remember();
  }

  toggleRail(): void {
    this.railOpen = !this.railOpen;
    this.remember();
  }

  remember(): void {
    document.cookie = `${COOKIE}=${print(this)}; Path=/; Max-Age=${YEAR}; SameSite=Lax`;
  }
}

interface Panes {
  side: number;
  drawer: number;
  drawerOpen: boolean;
  railOpen: boolean;
}

export function print({ side, drawer, drawerOpen, railOpen }: Panes): string {
  return [side, drawer, Number(drawerOpen), Number(railOpen)].map(Math.round).join(".");
}

/** Of all cookies, those that say it; nothing of what no such thing was written. */
export function parse(cookies: string): Panes | null {
  const found = new RegExp(`(?:^|; )${COOKIE}=(\\d{1,4})\\.(\\d{1,4})\\.([01])\\.([01])(?:;|$)`).exec(
    cookies,
  );
  if (!found) return null;
  const [side = 0, drawer = 0, open = 0, rail = 0] = found.slice(1).map(Number);
  return { side, drawer, drawerOpen: open === 1, railOpen: rail === 1 };
}
