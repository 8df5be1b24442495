// `nest build` supports webpack for CommonJS projects only, so projects with ES modules call it directly. The bundle
// includes nestjs-cors and its dependencies, to test the package as a part of a bundle. Nest and the platform are
// external.
import webpack from 'webpack';

const SHARED = /^(@nestjs\/|rxjs(\/|$)|reflect-metadata$)/;
const isBundled = (context, request) =>
  !SHARED.test(request) && (/^(\.|\/|nestjs-cors$)/.test(request) || /[\\/]nestjs-cors([\\/]|$)/.test(context));

const compiler = webpack({
  mode: 'none',
  target: 'node20',
  entry: './src/main.ts',
  experiments: { outputModule: true },
  output: { filename: 'main.js', clean: true, module: true, chunkFormat: 'module', library: { type: 'module' } },
  externalsType: 'module',
  externals: [({ context, request }, done) => (isBundled(context, request) ? done() : done(null, `module ${request}`))],
  module: {
    rules: [
      { test: /\.ts$/, loader: 'ts-loader', options: { configFile: 'tsconfig.build.json', transpileOnly: true } },
    ],
  },
  resolve: { extensions: ['.ts', '.js'], extensionAlias: { '.js': ['.ts', '.js'] } },
});
compiler.run((error, stats) => {
  if (error !== null || stats.hasErrors()) {
    console.error(error ?? stats.toString());
    process.exitCode = 1;
  }
});
