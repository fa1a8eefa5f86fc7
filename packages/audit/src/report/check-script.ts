// SPDX-License-Identifier: Apache-2.0

/**
 * Runs in the reader's browser, over the bundle in the page: does every entry lie under the root of the log's signed checkpoint, and is its
 * evidence the one that the entry names? RFC 6962, and Ed25519 where the browser has it. It says what it checked, and no more:
 * who reads a page from a stranger uses \`countersign ledger verify --bundle\`, since a forger would forge this script as well.
 */
export const CHECK_SCRIPT: string = String.raw`
"use strict";(async()=>{
const out=document.getElementById("check"),say=(ok,text)=>{out.textContent=text;out.className=ok?"yes":"no"};
try{
const b=JSON.parse(document.getElementById("countersign-bundle").textContent);
const un=t=>Uint8Array.from(atob(t),c=>c.charCodeAt(0)),enc=new TextEncoder();
const join=p=>{const u=new Uint8Array(p.reduce((n,x)=>n+x.length,0));let o=0;for(const x of p){u.set(x,o);o+=x.length}return u};
const sha=async(...p)=>new Uint8Array(await crypto.subtle.digest("SHA-256",join(p)));
const hex=u=>Array.from(u,x=>x.toString(16).padStart(2,"0")).join(""),same=(a,c)=>hex(a)===hex(c);
const note=b.log.checkpoint,at=note.lastIndexOf("\n\n")+1,body=note.slice(0,at),lines=body.split("\n");
const size=Number(lines[1]),root=un(lines[2]);
const [name,id,...rest]=b.log.key.split("+"),key=un(rest.join("+"));
let signed=null;
for(const l of note.slice(at+1).split("\n")){const m=/^\u2014 (\S+) (\S+)$/.exec(l);if(!m||m[1]!==name)continue;
const s=un(m[2]);if(hex(s.slice(0,4))!==id)continue;
try{const k=await crypto.subtle.importKey("raw",key.slice(1),"Ed25519",false,["verify"]);
signed=await crypto.subtle.verify("Ed25519",k,s.slice(4),enc.encode(body))}catch{signed=undefined}}
if(signed===false||signed===null)throw new Error("the checkpoint is not signed by the key "+name);
const evidence=new Map(b.evidence.map(e=>[e.object,e]));let n=0,held=0;
for(const e of b.entries){const leaf=enc.encode(e.leaf);let h=await sha(Uint8Array.of(0),leaf),i=e.index,last=size-1;
for(const p of e.proof.map(un)){if(last===0)throw new Error("entry "+e.index+": proof too long");
if(i%2===1||i===last){h=await sha(Uint8Array.of(1),p,h);while(i%2===0&&i!==0){i=Math.floor(i/2);last=Math.floor(last/2)}}
else h=await sha(Uint8Array.of(1),h,p);i=Math.floor(i/2);last=Math.floor(last/2)}
if(last!==0||!same(h,root))throw new Error("entry "+e.index+" is not under the checkpoint's root");n++;
const object=JSON.parse(e.leaf).object,ev=evidence.get(object);
if(ev&&ev.bytes!==null){if(hex(await sha(un(ev.bytes)))!==object)throw new Error("evidence "+object.slice(0,12)+" is not what the log holds");held++}}
say(true,"\u2714 "+n+" inclusion proofs and "+held+" pieces of evidence checked in this page"+(signed===undefined?"; this browser cannot check the checkpoint's signature":", checkpoint signed by "+name));
}catch(error){say(false,"\u2718 "+error.message)}
})();
`;
