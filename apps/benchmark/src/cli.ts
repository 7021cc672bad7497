#!/usr/bin/env node
/** The `longtail` command: it hears signals first, then loads all else, which takes its time. */
import './cli/early-stop.ts';

const { main } = await import('./cli/main.ts');
process.exitCode = await main(process.argv.slice(2));
