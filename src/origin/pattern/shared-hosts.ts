import type { OriginPattern } from './origin-pattern.js';

// This list changes only with major versions, because a longer one could stop the boot of an application that worked.
// A star before a host stands for one label, such as a region.

/** Hosting platforms, tunnels and registries where anyone can get a name. */
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
`.replace(/\s+/g, ' ');

/** First labels of the public suffixes that many countries have: `co.uk`, `com.br`. */
const SECOND_LEVELS = ' ac co com edu gob gov mil net org ';

/** Public suffixes of two labels with other first labels. */
const SUFFIXES = `
  ltd.uk me.uk nhs.uk plc.uk police.uk sch.uk asn.au id.au gen.nz geek.nz govt.nz health.nz iwi.nz kiwi.nz maori.nz
  school.nz law.za nom.za school.za web.za ad.jp ed.jp go.jp gr.jp lg.jp ne.jp or.jp es.kr go.kr hs.kr kg.kr ms.kr
  ne.kr or.kr pe.kr re.kr sc.kr idv.hk idv.tw per.sg name.my go.th in.th mi.th or.th biz.id desa.id go.id my.id or.id
  sch.id web.id ngo.ph biz.vn health.vn info.vn int.vn name.vn pro.vn firm.in gen.in ind.in nic.in res.in biz.pk
  fam.pk web.pk ngo.lk sch.lk web.lk id.ir sch.ir idf.il k12.il muni.il sch.ae med.sa pub.sa sch.sa av.tr bel.tr
  biz.tr dr.tr gen.tr info.tr k12.tr name.tr pol.tr tel.tr tv.tr web.tr eun.eg name.eg sci.eg mobi.ng name.ng sch.ng
  go.ke info.ke me.ke mobi.ke ne.ke or.ke sc.ke go.tz info.tz me.tz mobi.tz ne.tz or.tz sc.tz go.ug ne.ug or.ug sc.ug
  press.ma adv.br app.br art.br blog.br dev.br eco.br eng.br ind.br int.ar tur.ar nom.co nom.pe fin.ec info.ec med.ec
  pro.ec info.ve web.ve gub.uy coop.py ind.gt ed.cr fi.cr go.cr or.cr sa.cr web.do in.ua biz.pl info.pl msk.ru pp.ru
  spb.ru of.by biz.cy ltd.cy int.pt nome.pt publ.pt nom.es asso.fr gouv.fr nom.fr prd.fr tm.fr gv.at or.at info.hu
  priv.hu sport.hu tm.hu arts.ro firm.ro info.ro nom.ro rec.ro store.ro tm.ro in.rs
`.replace(/\s+/g, ' ');

/** Countries where every second label is a public suffix. */
const WHOLLY_DELEGATED = ' bd ck er fk jm kh mm np pg ';

/** Whether the star of a pattern covers names that strangers can have. Knows only the common shared hosts. */
export function coversStrangers({ host, subdomains, label }: OriginPattern): boolean {
  return subdomains ? isSharedHost(host) : label !== undefined && isEffectiveTopLevel(host);
}

/**
 * Whether strangers can have names below a host, at any depth: a top-level domain, a public suffix (`co.uk`), a hosting
 * platform (`vercel.app`), or a host above one (`amazonaws.com`). Knows only the common ones.
 */
export function isSharedHost(host: string): boolean {
  return isEffectiveTopLevel(host) || PLATFORMS.includes(`.${host} `);
}

/** Whether strangers can have names directly below a host, so that browsers treat each of these names as a site. */
export function isEffectiveTopLevel(host: string): boolean {
  return isPublicSuffix(host) || hasWord(PLATFORMS, host) || hasWord(PLATFORMS, `*${host.slice(host.indexOf('.'))}`);
}

/** Whether anyone can buy names directly below a host: `com`, `co.uk`. */
export function isPublicSuffix(host: string): boolean {
  const [label = '', domain, ...others] = host.split('.');
  if (domain === undefined) {
    return label !== 'localhost';
  }
  if (others.length > 0) {
    return false;
  }
  const isCountry = /^[a-z]{2}$/.test(domain);
  return (isCountry && hasWord(SECOND_LEVELS, label)) || hasWord(WHOLLY_DELEGATED, domain) || hasWord(SUFFIXES, host);
}

/** The lists are texts and not sets, because sets would cost every import of the package some time. */
function hasWord(list: string, word: string): boolean {
  return list.includes(` ${word} `);
}
