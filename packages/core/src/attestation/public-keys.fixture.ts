// SPDX-License-Identifier: Apache-2.0

/** Public keys made by OpenSSH 9.2 and their fingerprints as `ssh-keygen -l` printed them; the private halves are gone. */
export const PUBLIC_KEYS: readonly (readonly [line: string, fingerprint: string])[] = [
  [
    "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBAVaq7juC3mLuTSWPpABPFOkSspuvMYS9Pi1+DDoQg+ZJwoWqXdMQs66iJeWC6xz4r1ZrKjEOqtashgH6QmckMc=",
    "SHA256:DTwlVwssUVTRBntmBdGapk5+yVd4zGxMCO9APzFaL8s",
  ],
  [
    "ecdsa-sha2-nistp384 AAAAE2VjZHNhLXNoYTItbmlzdHAzODQAAAAIbmlzdHAzODQAAABhBDLPu7XHOzX++egw17pNfqry2C3ITCCliEsT865a4ybMTUf58ZFbT6hQsJgfjInuT90VV7uZUZCbGRMq8k+4dDIn2PAcBObE3jToaMyhMdDGOz575GjJE0aqIVtPME1row==",
    "SHA256:TcvhyLH95KcbiSskkocdDoBwUMe5J95eFzYJoH6uQfI",
  ],
  [
    "ecdsa-sha2-nistp521 AAAAE2VjZHNhLXNoYTItbmlzdHA1MjEAAAAIbmlzdHA1MjEAAACFBABoYQPFacMsm/ZvMv5sdRxkBfBIDhC/14MxX8qEdqRoSTyq/q4tUJmF7H0jbr0iQxPRswKZg1hQJlxbFp0aTt94/AD4cTrky/xxK7r/E5sYYQ46a0ACCwj7KTRWOiNdbTYTTzI4d0IoxxWjgA+o2mVcAfPelEAlaBYLEWhiunbqmco/Kw==",
    "SHA256:jGFlweo+JaeoYlTg/Ba5OL8PmicFs6muPDRJI1qbd5E",
  ],
  [
    "sk-ecdsa-sha2-nistp256@openssh.com AAAAInNrLWVjZHNhLXNoYTItbmlzdHAyNTZAb3BlbnNzaC5jb20AAAAIbmlzdHAyNTYAAABBBODrpSGqziJsnxnFZkMngYYgic1z4/njmcCB6fWLeiouA4Qyhos2Pg0jbr+YmhYdnf21YFQIP8E8h3ENdfKXaDcAAAAEc3NoOg==",
    "SHA256:McTBU3ARcMRnm5I3JJDWoxJBaWVHDnw/NCwdztIf9mI",
  ],
  [
    "sk-ssh-ed25519@openssh.com AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29tAAAAIHkqNlCrnKARkCicNM2mfXUXPj2XP4hKHJANVCilo3yCAAAABHNzaDo=",
    "SHA256:X693/6pLIiOwp0ho+dr+XfnngkTcu4/tw0o6WBp36tg",
  ],
  [
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDQ1DZm9BIqhMACIzeTqQqawc4vfkL9hM95lVQE0ps6N",
    "SHA256:TEP72eciFIXQd2YRZvCByFsK3eLMjeXHbEiQMIn9jh8",
  ],
  [
    "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQCq+RuR4Ldh3zpm3hBJknBebg3bx+AFECbrOr+/CdG1SEdrWGp1TBHjo47WJt0LnsdXFTKTegF+kvb7f/cBvArTRdxXcaNXf6hDAimcOEAd++p88NfK08RbrFo6nJOLcoVvMG62y6ekxsxhtcyj5CTgRKIRso4xyxaO9j1u8dZ4mq0cvzRKgHPekR77mzDIUMHx8382R9dBYla7sD6F8HPC/oEtyP7XakA8ezIaO6el0ICKvqu3qqNGxHCHLJpvRvg4KAN+WUgvqzC7kpPUYOEWTfIXvCrx+x1j4DERNEpEwCfqVjIcjfgQTEorz1afgGcuHpm7xJ9NaYCdihlmv7/J",
    "SHA256:5a7nVCNwSvKuok9b4YmJzWh4b/P/T2tABlA4soejOxs",
  ],
];
