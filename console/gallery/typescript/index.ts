interface Context {
  query: Record<string, string | undefined>;
}

type Unit = "c" | "f";

const convert: Record<Unit, (degrees: number) => number> = {
  c: (degrees) => (degrees - 32) / 1.8,
  f: (degrees) => degrees * 1.8 + 32,
};

function isUnit(text: string | undefined): text is Unit {
  return text === "c" || text === "f";
}

export default async function (ctx: Context) {
  const { degrees, to } = ctx.query;
  if (!isUnit(to) || !degrees || Number.isNaN(Number(degrees))) {
    return { error: "Ask for ?degrees=21&to=f" };
  }
  return { degrees: Math.round(convert[to](Number(degrees)) * 10) / 10, unit: to };
}
