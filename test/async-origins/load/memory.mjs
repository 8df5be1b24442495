// Prints what the process holds before and after a million distinct origins, asked through an application:
// `npm run build && node --expose-gc test/async-origins/load/memory.mjs [how many]`.
import 'reflect-metadata';
import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CorsModule, OriginResolverService } from 'nestjs-cors';

const COUNT = Number(process.argv[2] ?? 1_000_000);
const CONCURRENT = 1_000;
/** How often the cache, of 10,000 answers by default, has been filled before the first figure. */
const WARM_UP = 20_000;
const MEBIBYTE = 1_048_576;

if (typeof globalThis.gc !== 'function' || !Number.isSafeInteger(COUNT) || COUNT < WARM_UP) {
  console.error('usage: node --expose-gc test/async-origins/load/memory.mjs [how many, at least 20000]');
  process.exit(1);
}

let asked = 0;

class Origins {
  async resolve(origin) {
    asked += 1;
    return origin.charCodeAt(8) % 2 === 0;
  }
}
Injectable()(Origins);

class AppModule {}
Module({ imports: [CorsModule.forRoot({ origin: Origins })], providers: [Origins] })(AppModule);

const app = await NestFactory.create(AppModule, { logger: false });
await app.init();
const origins = app.get(OriginResolverService);

async function flood(from, to) {
  for (let first = from; first < to; first += CONCURRENT) {
    const last = Math.min(first + CONCURRENT, to);
    const batch = [];
    for (let number = first; number < last; number += 1) {
      batch.push(origins.resolve(`https://${number}.flood.example`));
    }
    await Promise.all(batch);
  }
}

function report(when) {
  globalThis.gc();
  const { heapUsed, rss } = process.memoryUsage();
  const inMebibytes = (bytes) => `${(bytes / MEBIBYTE).toFixed(1)} MiB`;
  console.log(
    `${when.padEnd(28)} asked ${String(asked).padStart(9)}   heap ${inMebibytes(heapUsed)}   rss ${inMebibytes(rss)}`,
  );
}

report('before');
await flood(0, WARM_UP);
report('the cache is full');
await flood(WARM_UP, COUNT);
report(`after ${COUNT} origins`);
await origins.forgetAll();
report('after forgetAll()');
await app.close();
