import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [react()],
  base: "/",
  build: {
    outDir: "../src/samplewise/server/static",
    emptyOutDir: true,
    assetsInlineLimit: 0, // the content security policy allows our own files only
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
  },
});
