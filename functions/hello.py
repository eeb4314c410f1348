def main():
    print("Hello from functions!")


if __name__ == "__main__":
    main()
