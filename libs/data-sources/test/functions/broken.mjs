throw new Error('no database at 10.1.2.3');
