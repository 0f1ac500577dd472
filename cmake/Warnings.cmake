# Warnings are errors for our own code only; imported targets are system includes.
add_library(topobathy_warnings INTERFACE)
target_compile_options(topobathy_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Wnon-virtual-dtor
  -Woverloaded-virtual -Wcast-qual -Wformat=2 -Werror)
