// Loaded into a Node program ahead of its own code: ends the process group that the program leads as soon as whoever started it
// is gone, were it killed outright. Who does so gives it an IPC channel.
process.once('disconnect', () => {
  try {
    process.kill(-process.pid, 'SIGKILL');
  } catch {
    // A child that has inherited this leads no group: its parent ends it.
  }
});
process.channel?.unref();
