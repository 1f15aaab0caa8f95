// How much room there is.

/** Whether panes lie over each other, as graphiql.css has it. */
export const isNarrow = () => matchMedia("(width < 700px)").matches;
