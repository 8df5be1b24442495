// `nest build` leaves webpack to CommonJS projects. Those with ES modules call it themselves; here nestjs-cors and what
// it depends on go into the bundle, so that the package is also tried as part of one. Nest and the platform stay outside.
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
