/** Stands for one of backends/ until a bundle is made. */
declare module 'the-backend';
