"""Many worlds through one engine: numbered jobs, kept on disk if asked, run here, on workers or on a cluster."""
