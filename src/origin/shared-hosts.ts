import type { OriginPattern } from './origin-pattern.js';

// This list changes with major versions only: a longer one could stop the boot of an application that worked. A star
// in front of a host stands for one label, such as a region.

/** Hosting platforms, tunnels and registries of names where everyone can have a name. */
const PLATFORMS = `
  vercel.app vercel.dev now.sh netlify.app netlify.com pages.dev workers.dev trycloudflare.com github.io app.github.dev
  gitlab.io bitbucket.io gitpod.io *.gitpod.io web.app firebaseapp.com run.app *.run.app appspot.com r.appspot.com
  *.r.appspot.com cloudfunctions.net blogspot.com translate.goog herokuapp.com onrender.com fly.dev up.railway.app
  ondigitalocean.app digitaloceanspaces.com *.digitaloceanspaces.com cloudfront.net amplifyapp.com awsapprunner.com
  *.awsapprunner.com elasticbeanstalk.com *.elasticbeanstalk.com s3.amazonaws.com elb.amazonaws.com
  *.elb.amazonaws.com on.aws azurewebsites.net azurestaticapps.net *.azurestaticapps.net azureedge.net azurefd.net
  cloudapp.net *.cloudapp.azure.com blob.core.windows.net *.web.core.windows.net deno.dev deno.net surge.sh glitch.me
  repl.co replit.app replit.dev csb.app stackblitz.io webcontainer.io ngrok.io ngrok.app ngrok.dev ngrok-free.app
  ngrok-free.dev loca.lt localtunnel.me serveo.net nip.io sslip.io duckdns.org ddns.net dyndns.org hopto.org no-ip.org
  myshopify.com wixsite.com webflow.io framer.app framer.website wordpress.com bubbleapps.io neocities.org tiiny.site
  hf.space streamlit.app gradio.live supabase.co convex.app convex.site nhost.run val.run koyeb.app zeabur.app code.run
  scalingo.io cleverapps.io kinsta.app kinsta.page expo.app lovable.app bolt.host edgeone.app
  eu.org us.com uk.com eu.com de.com gb.net co.com co.nl com.de
`;

/** Public suffixes of two labels, by their top-level domain. */
const SECOND_LEVELS = `
  uk: ac co gov ltd me net nhs org plc police sch
  au: asn com edu gov id net org
  nz: ac co gen geek govt health iwi kiwi maori mil net org school
  za: ac co edu gov law mil net nom org school web
  jp: ac ad co ed go gr lg ne or
  kr: ac co es go hs kg ms ne or pe re sc
  cn: ac com edu gov mil net org
  hk: com edu gov idv net org
  tw: com edu gov idv mil net org
  sg: com edu gov net org per
  my: com edu gov mil name net org
  th: ac co go in mi net or
  id: ac biz co desa go mil my net or sch web
  ph: com edu gov mil net ngo org
  vn: ac biz com edu gov health info int name net org pro
  in: ac co com edu firm gen gov ind mil net nic org res
  pk: biz com edu fam gov net org web
  lk: ac com edu gov net ngo org sch web
  ir: ac co gov id net org sch
  il: ac co gov idf k12 muni net org
  ae: ac co gov mil net org sch
  sa: com edu gov med net org pub sch
  tr: av bel biz com dr edu gen gov info k12 mil name net org pol tel tv web
  eg: com edu eun gov mil name net org sci
  ng: com edu gov mil mobi name net org sch
  gh: com edu gov mil org
  ke: ac co go info me mobi ne or sc
  tz: ac co go info me mil mobi ne or sc
  ug: ac co com go ne or org sc
  zm: ac co com edu gov net org
  ma: ac co gov net org press
  br: adv app art blog com dev eco edu eng gov ind mil net org
  mx: com edu gob net org
  ar: com edu gob int mil net org tur
  co: com edu gov mil net nom org
  pe: com edu gob mil net nom org
  cl: co gob gov mil
  ec: com edu fin gob gov info med mil net org pro
  ve: co com edu gob info net org web
  uy: com edu gub mil net org
  py: com coop edu gov mil net org
  bo: com edu gob net org
  gt: com edu gob ind mil net org
  cr: ac co ed fi go or sa
  do: com edu gob gov mil net org web
  ua: com edu gov in net org
  pl: biz com edu gov info net org
  ru: com msk net org pp spb
  by: com gov mil of
  kz: com edu gov mil net org
  gr: com edu gov net org
  cy: ac biz com gov ltd net org
  mt: com edu net org
  pt: com edu gov int net nome org publ
  es: com edu gob nom org
  fr: asso com gouv nom prd tm
  it: edu gov
  at: ac co gv or
  hu: co info org priv sport tm
  ro: arts com firm info nom org rec store tm
  rs: ac co edu gov in org
`;

/** Top-level domains below which every second label is a public suffix. */
const WHOLLY_DELEGATED = 'bd ck er fk jm kh mm np pg';

const SHARED_HOSTS: ReadonlySet<string> = new Set([
  ...words(PLATFORMS),
  ...words(WHOLLY_DELEGATED).map((domain) => `*.${domain}`),
  ...SECOND_LEVELS.trim()
    .split('\n')
    .flatMap((line) => {
      const [domain = '', labels = ''] = line.split(':');
      return words(labels).map((label) => `${label}.${domain.trim()}`);
    }),
]);

/** Hosts above the shared ones: a star there, at any depth, covers the shared ones too. */
const ABOVE_SHARED_HOSTS: ReadonlySet<string> = new Set([...SHARED_HOSTS].flatMap(hostsAbove));

/**
 * Whether a pattern's star covers a host where strangers can have names: a top-level domain (`https://*.com`), a public
 * suffix (`https://*.co.uk`) or a hosting platform (`https://*.vercel.app`, `https://app-*.vercel.app`). Knows the
 * common ones only.
 */
export function coversStrangers({ host, subdomains, label }: OriginPattern): boolean {
  if (!subdomains && label === undefined) return false;
  const dot = host.indexOf('.');
  if (dot === -1) return host !== 'localhost';
  if (SHARED_HOSTS.has(host) || SHARED_HOSTS.has(`*${host.slice(dot)}`)) return true;
  return subdomains && ABOVE_SHARED_HOSTS.has(host);
}

function words(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

/** `amazonaws.com` for `s3.amazonaws.com`: every longer end of at least two labels. */
function hostsAbove(host: string): readonly string[] {
  const labels = host.split('.');
  return labels.slice(1, -1).map((_label, index) => labels.slice(index + 1).join('.'));
}
