const name = process.argv[2] ?? 'world';
console.log(`Hello from node, ${name}!`);
