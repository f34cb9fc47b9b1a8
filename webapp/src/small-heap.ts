import { setFlagsFromString } from "node:v8";

// V8 lets its space for young objects grow to 16 MB times three. Kept at its first size the app stays about 10 MB
// smaller, for some more short collections. As a flag of the command line it would be part of how every machine
// starts the app; this one is read at each growth, so it may also be set here, before the first.
setFlagsFromString("--semi-space-growth-factor=1");
