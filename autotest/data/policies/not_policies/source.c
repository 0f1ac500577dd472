/* variables: steps, provider */
int name;
