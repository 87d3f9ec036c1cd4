// Loaded into VS Code's server ahead of its own code: ends the process group that the server leads as soon as whoever started
// it is gone, were it killed outright.
process.once('disconnect', () => {
  try {
    process.kill(-process.pid, 'SIGTERM');
  } catch {
    // A child of the server that has inherited this leads no group: the server ends it.
  }
});
