/** Made by build/nodeTypes.ts. */
declare module "virtual:node-types" {
  const files: Record<string, string>;
  export default files;
}
