//! The program from a folder to a module that answers.
