import { z } from "zod";

export const hexString = z.string().regex(/^0x([0-9a-f]{2})*$/i, "expected whole bytes of hexadecimal");
