/** How many images an environment keeps to roll back to. Each costs about $0.05 per GB and month. */
export const KEPT_IMAGES = 5;
