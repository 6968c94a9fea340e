// The first paint of the page, for work that would delay it.
window.firstPaint = new Promise((resolve) => new PerformanceObserver(resolve).observe({ type: "paint", buffered: true }));
